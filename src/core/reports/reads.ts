export interface ReportReads {}
