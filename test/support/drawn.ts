/** Draws what the desk answers as both platforms would, and fails where one of them would refuse it. */
import { expect } from 'vitest';
import type { Outcome } from '../../src/bot/desk.ts';
import { renderForm, renderHome, renderLine, renderMessage, renderOptions } from '../../src/bot/slack/render.ts';
import { cardBytes, type Card } from '../../src/bot/teams/card.ts';
import { formCard, formPromptCard, messageCard, sentenceCard } from '../../src/bot/teams/render.ts';
import { limits, type Message, type Option } from '../../src/bot/view.ts';
import { faultsOfBlocks, faultsOfView } from '../../playground/slack/block-kit.ts';
import { faultsOfCard } from '../../playground/teams/adaptive-card.ts';

const links = { urlOf: (fileId: string) => `https://desk.example/files/${fileId}?signed` };

const drawnCard = (card: Card): void => {
  expect(faultsOfCard(card)).toEqual([]);
  expect(cardBytes(card)).toBeLessThan(limits.teamsBytes);
};

const throughJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

export const drawnMessage = (message: Message): void => {
  expect(message.title.length).toBeLessThanOrEqual(limits.messageTitle);
  expect(faultsOfBlocks(throughJson(renderMessage(message, links).blocks))).toEqual([]);
  expect(faultsOfView(throughJson(renderHome(message, links)), 'home')).toEqual([]);
  drawnCard(messageCard(message, links));
};

/** The answer itself, once both platforms have drawn it without complaint. */
export const drawn = (outcome: Outcome): Outcome => {
  switch (outcome.kind) {
    case 'message':
    case 'replace':
      drawnMessage(outcome.message);
      break;
    case 'open':
      expect(faultsOfView(throughJson(renderForm(outcome.form, links)), 'modal')).toEqual([]);
      drawnCard(formCard(outcome.form, links));
      drawnCard(formPromptCard(outcome.form));
      break;
    case 'refused':
      expect(faultsOfBlocks(throughJson(renderLine(outcome.text, 'danger').blocks))).toEqual([]);
      drawnCard(sentenceCard('danger', outcome.text));
  }
  return outcome;
};

export const drawnOptions = (options: readonly Option[]): readonly Option[] => {
  renderOptions(options);
  expect(options.length).toBeLessThanOrEqual(15);
  for (const { value, label } of options) {
    expect(value).not.toContain(',');
    expect(label.length).toBeLessThanOrEqual(limits.optionLabel);
  }
  return options;
};
