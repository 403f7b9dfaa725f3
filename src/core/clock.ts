/** Business time. The playground turns it forward; nothing in a rule reads the machine's own clock. */
export interface Clock {
  now(): Temporal.Instant;
}
