import type { ComponentChildren, JSX } from 'preact';

const Icon = ({ size = 18, children }: { size?: number; children: ComponentChildren }): JSX.Element => (
  <svg
    viewBox="0 0 20 20"
    width={size}
    height={size}
    fill="none"
    stroke="currentColor"
    stroke-width="1.6"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
    class="icon"
  >
    {children}
  </svg>
);

export const WarningIcon = (): JSX.Element => (
  <svg viewBox="0 0 20 20" width="16" height="16" aria-hidden="true" class="icon">
    <path fill="currentColor" d="M10 1.7 19 18H1L10 1.7Zm-.9 6v4.6h1.8V7.7H9.1Zm0 6v1.8h1.8v-1.8H9.1Z" />
  </svg>
);

export const CalendarIcon = (): JSX.Element => (
  <Icon>
    <rect x="2.5" y="3.5" width="15" height="14" rx="2" />
    <path d="M2.5 7.5h15M6.5 1.5v4M13.5 1.5v4" />
  </Icon>
);

export const ClockIcon = (): JSX.Element => (
  <Icon>
    <circle cx="10" cy="10" r="7.5" />
    <path d="M10 5.5V10l3 2" />
  </Icon>
);

export const CloseIcon = ({ size = 18 }: { size?: number }): JSX.Element => (
  <Icon size={size}>
    <path d="m5 5 10 10M15 5 5 15" />
  </Icon>
);

export const HomeIcon = (): JSX.Element => (
  <Icon>
    <path d="M3 9.2 10 3l7 6.2V16a1 1 0 0 1-1 1h-3.5v-5h-5v5H4a1 1 0 0 1-1-1Z" />
  </Icon>
);

export const SendIcon = (): JSX.Element => (
  <svg viewBox="0 0 20 20" width="16" height="16" aria-hidden="true" class="icon">
    <path
      fill="currentColor"
      d="M2.2 2.6c.3-.3.7-.3 1-.2l14.6 6.9c.6.3.6 1.1 0 1.4L3.2 17.6c-.7.3-1.4-.3-1.2-1l1.7-5.7 7-.9-7-.9L2 3.6c-.1-.4 0-.7.2-1Z"
    />
  </svg>
);

export const MailIcon = (): JSX.Element => (
  <Icon>
    <rect x="2" y="4" width="16" height="12" rx="2" />
    <path d="m2.5 5.5 7.5 5.5 7.5-5.5" />
  </Icon>
);

export const SunIcon = (): JSX.Element => (
  <Icon>
    <circle cx="10" cy="10" r="3.5" />
    <path d="M10 1.8v1.7M10 16.5v1.7M1.8 10h1.7M16.5 10h1.7M4.2 4.2l1.2 1.2M14.6 14.6l1.2 1.2M4.2 15.8l1.2-1.2M14.6 5.4l1.2-1.2" />
  </Icon>
);

export const MoonIcon = (): JSX.Element => (
  <Icon>
    <path d="M16.8 12.2A7.2 7.2 0 0 1 7.8 3.2a7.2 7.2 0 1 0 9 9Z" />
  </Icon>
);

export const FaultIcon = (): JSX.Element => (
  <Icon>
    <path d="M11.5 1.8 4 11.5h5l-1 6.7 7.5-9.7h-5Z" />
  </Icon>
);

export const TourIcon = (): JSX.Element => (
  <Icon>
    <circle cx="10" cy="10" r="8" />
    <path d="m13.3 6.7-2 4.6-4.6 2 2-4.6Z" />
  </Icon>
);

export const TrafficIcon = (): JSX.Element => (
  <Icon>
    <path d="M3 7h13m-3.5-3.5L16 7M17 13H4m3.5-3.5L4 13l3.5 3.5" />
  </Icon>
);

export const MenuIcon = (): JSX.Element => (
  <Icon>
    <path d="M3 5h14M3 10h14M3 15h14" />
  </Icon>
);

export const BackIcon = (): JSX.Element => (
  <Icon>
    <path d="m12.5 4-6 6 6 6" />
  </Icon>
);

export const ThreadIcon = (): JSX.Element => (
  <Icon size={16}>
    <path d="M3 4h14v9H9l-4 3.5V13H3Z" />
  </Icon>
);

export const CheckIcon = ({ size = 14 }: { size?: number }): JSX.Element => (
  <Icon size={size}>
    <path d="m4 10.5 4 4 8-9" stroke-width="2.4" />
  </Icon>
);

export const DownloadIcon = (): JSX.Element => (
  <Icon>
    <path d="M10 3v9m-3.5-3.5L10 12l3.5-3.5M3.5 16.5h13" />
  </Icon>
);

export const ClipIcon = (): JSX.Element => (
  <Icon>
    <path d="m15.5 9.5-5.6 5.6a3.6 3.6 0 0 1-5.1-5.1l6-6a2.4 2.4 0 0 1 3.4 3.4l-5.9 5.9a1.2 1.2 0 0 1-1.7-1.7l5.3-5.3" />
  </Icon>
);

export const EyeIcon = (): JSX.Element => (
  <Icon size={14}>
    <path d="M1.5 10S4.5 4.5 10 4.5 18.5 10 18.5 10 15.5 15.5 10 15.5 1.5 10 1.5 10Z" />
    <circle cx="10" cy="10" r="2.5" />
  </Icon>
);

export const Spinner = (): JSX.Element => <span class="spinner" role="status" aria-label="Working" />;
