export const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

export const asDay = (day: Temporal.PlainDate | string): Temporal.PlainDate =>
  typeof day === 'string' ? Temporal.PlainDate.from(day) : day;

/** `5 Mar 2026`. */
export const showDay = (day: Temporal.PlainDate | string): string => {
  const date = asDay(day);
  return `${date.day} ${monthNames[date.month - 1]} ${date.year}`;
};
