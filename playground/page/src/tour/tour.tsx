import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useApp } from '../state/app-context.ts';
import { post } from '../state/post.ts';
import type { World } from '../state/world.ts';
import { CheckIcon, CloseIcon } from '../ui/icons.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { jobs } from './steps.ts';
import type { Job, Platform, Step } from './steps.ts';

const allSteps = jobs.flatMap((job) => job.steps);

/** Ticks steps as their effect is seen, for all tabs at once. */
const useTicking = (world: World): void => {
  const before = useRef(world);
  useEffect(() => {
    const last = before.current;
    before.current = world;
    if (last === world) return;
    const fresh = allSteps.filter((step) => !world.tour.done.includes(step.id) && step.done(world, last));
    if (fresh.length > 0)
      void post('/api/tour', { ...world.tour, done: [...world.tour.done, ...fresh.map((step) => step.id)] });
  }, [world]);
};

const StepItem = ({
  step,
  platform,
  done,
  next,
}: {
  step: Step;
  platform: Platform;
  done: boolean;
  next: boolean;
}): JSX.Element => {
  const { go } = useApp();
  const { persona, place, draft } = step.show[platform];
  return (
    <li class={`tour-step${done ? ' done' : ''}${next ? ' next' : ''}`}>
      <span class="tour-tick" role="img" aria-label={done ? 'Done' : 'To do'}>
        {done && <CheckIcon />}
      </span>
      <div>
        <b>{step.title}</b>
        {next && <p>{step.text[platform]}</p>}
      </div>
      <button
        type="button"
        class="tour-show"
        aria-label={`Show me: ${step.title}`}
        onClick={() => go({ pane: platform, persona, place }, draft)}
      >
        Show me
      </button>
    </li>
  );
};

const JobSection = ({
  job,
  platform,
  done,
  next,
}: {
  job: Job;
  platform: Platform;
  done: readonly string[];
  next: Step | undefined;
}): JSX.Element => {
  return (
    <section class="tour-job" aria-label={job.title}>
      <h3>
        {job.title} <small>{job.who[platform]}</small>
      </h3>
      <ol>
        {job.steps.map((step) => (
          <StepItem key={step.id} step={step} platform={platform} done={done.includes(step.id)} next={step === next} />
        ))}
      </ol>
    </section>
  );
};

/** The guided tour: three jobs, whose steps tick themselves off. */
export const Tour = ({ onDismiss }: { onDismiss: () => void }): JSX.Element => {
  const { world, route } = useApp();
  const [platform, setPlatform] = useState<Platform>(route.pane === 'teams' ? 'teams' : 'slack');
  const [folded, setFolded] = useState(() => matchMedia('(max-width: 1179px)').matches);
  useTicking(world);
  useEffect(() => {
    if (route.pane !== 'mail') setPlatform(route.pane);
  }, [route.pane]);
  const { done } = world.tour;
  const next = allSteps.find((step) => !done.includes(step.id));
  const count = allSteps.filter((step) => done.includes(step.id)).length;
  return (
    <section class={`tour${folded ? ' folded' : ''}`} aria-label="Guided tour">
      <header>
        <button type="button" class="tour-fold" aria-expanded={!folded} onClick={() => setFolded(!folded)}>
          <span class="fold" aria-hidden="true" />
          <b>{count === allSteps.length ? 'All three jobs done' : 'Three jobs, two minutes'}</b>
          <small>
            {count} of {allSteps.length}
          </small>
        </button>
        <button type="button" class="icon-button" aria-label="Dismiss the tour" title="Dismiss" onClick={onDismiss}>
          <CloseIcon size={14} />
        </button>
        <div class="tour-bar" aria-hidden="true">
          <span style={{ width: `${(100 * count) / allSteps.length}%` }} />
        </div>
      </header>
      {!folded && (
        <div class="tour-body" tabIndex={0} role="group" aria-label="Steps">
          <div class="tour-choice">
            <Tabs
              label="Tour on"
              small
              current={platform}
              tabs={[
                { id: 'slack', label: 'In Slack' },
                { id: 'teams', label: 'In Teams' },
              ]}
              onChoose={setPlatform}
            />
            {count > 0 && (
              <button
                type="button"
                class="quiet"
                onClick={() => void post('/api/tour', { done: [], dismissed: false })}
              >
                Start over
              </button>
            )}
          </div>
          {jobs.map((job) => (
            <JobSection key={job.id} job={job} platform={platform} done={done} next={next} />
          ))}
        </div>
      )}
    </section>
  );
};
