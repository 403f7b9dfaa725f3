export interface UsageReads {}
