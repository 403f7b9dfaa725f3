/** Addresses of our own pages, for people who have no part in the chats. Core knows what they are for, not where. */
export interface Links {
  /** The page on which somebody signs up for a trial of a plan: nobody can guess it, and it tells nothing. */
  trialPage(planId: string): string;
}

/** Where nothing is served, as in a script's world: paths that name the thing. */
export const noPages: Links = { trialPage: (planId) => `/trial/${planId}` };
