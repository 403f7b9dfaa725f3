export const customers: Readonly<Record<string, string>> = {};
