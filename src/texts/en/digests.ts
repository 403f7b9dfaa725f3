export const digests: Readonly<Record<string, string>> = {};
