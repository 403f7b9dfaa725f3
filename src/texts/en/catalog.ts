export const catalog: Readonly<Record<string, string>> = {};
