/** The answers to deliveries that somebody waits for, so that the same delivery again gets the same answer. */
export interface FirstAnswers {
  /** `again`: it was here before, but its answer is not known any more (another instance, a restart). */
  of<T>(key: string, work: (again: boolean) => Promise<T>): Promise<T>;
}

/** Enough for what may be delivered twice within minutes; the database remembers the rest. */
const kept = 1000;

export const createFirstAnswers = (seen: (key: string) => Promise<boolean>): FirstAnswers => {
  const answers = new Map<string, Promise<unknown>>();
  return {
    of<T>(key: string, work: (again: boolean) => Promise<T>): Promise<T> {
      const first = answers.get(key);
      if (first) return first as Promise<T>;
      const answer = seen(key).then(work);
      answers.set(key, answer);
      answer.catch(() => answers.delete(key));
      for (const oldest of answers.keys()) {
        if (answers.size <= kept) break;
        answers.delete(oldest);
      }
      return answer;
    },
  };
};
