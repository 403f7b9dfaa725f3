/** Whether a column of ids is among a list of them, which is given as one parameter: joined by commas. */
export const among = (column: string): string => `${column} = any (string_to_array(?, ',')::uuid[])`;
