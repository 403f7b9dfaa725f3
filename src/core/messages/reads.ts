export interface MessageReads {}
