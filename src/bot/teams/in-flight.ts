/** Work that goes on after its delivery was answered: a stop waits for it. */
export interface InFlight {
  /** `done` rejects never: whoever starts work that nobody waits for handles its failure. */
  track(done: Promise<void>): void;
  settled(): Promise<void>;
}

export const createInFlight = (): InFlight => {
  const underWay = new Set<Promise<void>>();
  return {
    track(done) {
      underWay.add(done);
      void done.finally(() => underWay.delete(done));
    },
    async settled() {
      while (underWay.size > 0) await Promise.allSettled(underWay);
    },
  };
};
