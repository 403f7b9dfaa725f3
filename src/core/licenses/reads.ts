export interface LicenseReads {}
