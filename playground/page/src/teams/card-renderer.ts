import { AdaptiveCard, ChoiceSetInput, GlobalRegistry, HostConfig, NumberInput, Table, Versions } from 'adaptivecards';
import { h, render } from 'preact';
import type { Theme } from '../state/theme.ts';
import { Combo } from '../ui/combo.tsx';
import type { Choice } from '../ui/combo.tsx';
import { renderMarkdown } from '../ui/markdown.ts';
import { hostConfig } from './host-config.ts';

export type Search = (dataset: string, query: string) => Promise<readonly { title: string; value: string }[]>;

/** A card that knows where its typeahead fields search. */
export class TeamsCard extends AdaptiveCard {
  search: Search = () => Promise.resolve([]);
}

/**
 * A choice set that filters while one types. The renderer's own submits the title of a choice found by
 * Data.Query instead of its value, asks the app at every key, and is no combobox to a screen reader; so this
 * kind is drawn by the page's own combo box.
 */
class TeamsChoiceSet extends ChoiceSetInput {
  #chosen: Choice | undefined;
  #host: HTMLElement | undefined;

  get #typeahead(): boolean {
    return !this.isMultiSelect && (this.style === 'filtered' || this.isDynamicTypeahead());
  }

  #draw(): void {
    if (!this.#host) return;
    const root = this.getRootObject();
    const dataset = this.choicesData?.dataset;
    const choices = this.choices.map(({ title = '', value = '' }) => ({ label: title, value }));
    const searching = dataset !== undefined && root instanceof TeamsCard;
    render(
      h(Combo, {
        choices,
        selected: this.#chosen ? [this.#chosen] : [],
        placeholder: this.placeholder,
        onSelect: ([choice]) => {
          this.#chosen = choice;
          this.#draw();
          this.valueChanged();
        },
        aria: {
          'aria-label': this.label ?? this.placeholder ?? 'Search',
          'aria-required': this.isRequired || undefined,
          'data-input': this.id,
        },
        ...(searching && {
          search: async (query: string) =>
            (await root.search(dataset, query)).map(({ title, value }) => ({ label: title, value })),
        }),
      }),
      this.#host,
    );
  }

  protected override internalRender(): HTMLElement | undefined {
    if (!this.#typeahead) return super.internalRender();
    const preset = this.choices.find((choice) => choice.value === this.defaultValue);
    this.#chosen = preset?.value
      ? { value: preset.value, label: preset.title ?? preset.value }
      : this.defaultValue
        ? { value: this.defaultValue, label: this.defaultValue }
        : undefined;
    this.#host = document.createElement('div');
    this.#host.className = 'teams-typeahead';
    this.#host.style.width = '100%';
    this.#draw();
    return this.#host;
  }

  override focus(): void {
    if (this.#host) this.#host.querySelector('input')?.focus();
    else super.focus();
  }

  override isValid(): boolean {
    return this.#host ? true : super.isValid();
  }

  override get value(): string | undefined {
    return this.#host ? this.#chosen?.value : super.value;
  }
}

/** An empty optional number is no number: the renderer's own NaN would fail `min` and block the form in silence. */
class TeamsNumberInput extends NumberInput {
  override get value(): number | undefined {
    const value = super.value;
    return value === undefined || Number.isNaN(value) ? undefined : value;
  }

  override set value(value: number | undefined) {
    super.value = value;
  }
}

// The bundler drops the self-registration of Table, since the package declares that it has no side effects.
GlobalRegistry.defaultElements.register('Table', Table, Versions.v1_5);
GlobalRegistry.defaultElements.register('Input.ChoiceSet', TeamsChoiceSet);
GlobalRegistry.defaultElements.register('Input.Number', TeamsNumberInput);

AdaptiveCard.onProcessMarkdown = (text, result) => {
  result.outputHtml = renderMarkdown(text);
  result.didProcess = true;
};

/** Reads and draws a card; undefined when it is none. */
export const renderCard = (payload: object, theme: Theme, search: Search): TeamsCard | undefined => {
  const card = new TeamsCard();
  card.hostConfig = new HostConfig(hostConfig(theme));
  card.search = search;
  card.parse(payload);
  return card.render() ? card : undefined;
};
