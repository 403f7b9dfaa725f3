import { signUpContent } from '../../core/plans/trial-sign-up.ts';
import { fitted, none, showDay, showUnits } from '../format.ts';
import type { Feature } from '../feature.ts';
import type { Notice } from '../notice.ts';
import { bold, limits } from '../view.ts';
import { showCustomerButton } from './customer-card.ts';

/** Tells the partner's licensing people that somebody signed up on a plan's page. */
const trialSignedUp: Notice = {
  topic: 'trial.signed_up',
  async compose(ask, { signUpId = '' }) {
    const { people, ...told } = await ask.execute(signUpContent, { signUpId });
    const title = fitted(`Trial sign-up: ${told.company}`, limits.messageTitle);
    return people.map((person) => ({
      to: 'person' as const,
      person,
      key: `trial.signed_up:${signUpId}`,
      message: {
        title,
        blocks: [
          {
            kind: 'text',
            text: [bold(told.company), ` signed up for ${told.plan} on its page. Customer and trial are there.`],
          },
          {
            kind: 'facts',
            facts: [
              { label: 'Account name', value: told.account },
              { label: 'City', value: told.place },
              { label: 'Contact', value: told.contact },
              { label: 'E-mail', value: told.email },
              { label: 'Units', value: showUnits(told.units, told.unitType) },
              { label: 'Expiration date', value: told.expiresOn === null ? none : showDay(told.expiresOn) },
            ],
          },
          {
            kind: 'buttons',
            buttons: [{ ...showCustomerButton(told.customerId), style: 'primary' }],
          },
        ],
      },
    }));
  },
};

/** What a plan's sign-up page brings. The page itself stands in `src/trial-page`: its readers have no part in the chats. */
export const trialFeature: Feature = { notices: [trialSignedUp] };
