import { render } from 'preact';
import './styles/fonts.css';
import './styles/base.css';
import './styles/shell.css';
import './styles/slack.css';
import './styles/blocks.css';
import './styles/teams.css';
import './styles/mail.css';
import './styles/inspector.css';
import './styles/tour.css';
import { App } from './shell/app.tsx';

const root = document.getElementById('root');
if (root) render(<App />, root);
