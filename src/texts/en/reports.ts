export const reports: Readonly<Record<string, string>> = {};
