export interface CatalogReads {}
