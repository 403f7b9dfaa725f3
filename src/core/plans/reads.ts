export interface PlanReads {}
