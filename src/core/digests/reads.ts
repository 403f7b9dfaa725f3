export interface DigestReads {}
