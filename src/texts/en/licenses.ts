export const licenses: Readonly<Record<string, string>> = {};
