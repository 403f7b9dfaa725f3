import type { UseCase } from './use-case.ts';

/** Every use case by name, as scripts call them. */
export const useCases: readonly UseCase[] = [];
