import { z } from 'zod';
import { lineOf } from '../text.ts';
import { overRefusal, type HeldLicense, type LicenseGround } from './license-ground.ts';
import { isOpen } from './license-status.ts';

/** Suspension and removal take a licence alone, or every open one of its assignment. */
export const oneOrAllInput = z.strictObject({
  /** Id. */
  license: lineOf(64),
  /** With all open licences of the same assignment. */
  all: z.boolean().default(false),
});

/** The licences that are meant. @throws Refusal where none of them is open. */
export const oneOrAll = (ground: LicenseGround, all: boolean): readonly HeldLicense[] => {
  const { asked, together, today } = ground;
  const meant = (all ? together : [asked]).filter(({ license }) => isOpen(license, today));
  if (meant.length > 0) return meant;
  throw overRefusal(ground, asked)!;
};
