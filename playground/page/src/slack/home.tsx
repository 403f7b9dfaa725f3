import type { JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import type { SlackView } from '../../../protocol.ts';
import { useApp } from '../state/app-context.ts';
import { post } from '../state/post.ts';
import { Mark } from '../ui/mark.tsx';
import { Blocks } from './blocks/blocks.tsx';
import { SurfaceContext } from './blocks/context.ts';
import { asBlocks, useBlockSurface } from './use-surface.ts';

const HomeView = ({ view }: { view: SlackView }): JSX.Element => {
  const blocks = useMemo(() => asBlocks(view.blocks), [view.blocks]);
  const surface = useBlockSurface('home', blocks, { in: 'view', viewId: view.id });
  return (
    <SurfaceContext.Provider value={surface}>
      <Blocks blocks={blocks} />
    </SurfaceContext.Provider>
  );
};

/** The app's home tab. Opening it tells the app, which may publish it anew. */
export const Home = (): JSX.Element => {
  const { world, persona, say } = useApp();
  const view = world.slack.homes[persona.id];
  useEffect(() => {
    void post('/api/slack/home', { persona: persona.id }).then((answer) => {
      if (!answer.ok) say(answer.error, 'error');
    });
  }, [persona.id]);
  return (
    <div class="home" tabIndex={0} role="region" aria-label="App home">
      {view ? (
        <HomeView key={view.root_view_id} view={view} />
      ) : (
        <div class="empty">
          <Mark size={44} />
          <h3>Your home is being prepared</h3>
          <p>It appears as soon as the app publishes it.</p>
          <div class="skeleton" aria-hidden="true" />
        </div>
      )}
    </div>
  );
};
