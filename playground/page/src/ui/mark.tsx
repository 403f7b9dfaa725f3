import type { JSX } from 'preact';

/** The product's mark: a seat whose back is a licence card. Kept equal to `mark.svg`. */
export const Mark = ({ size = 26 }: { size?: number }): JSX.Element => (
  <svg viewBox="0 0 32 32" width={size} height={size} aria-hidden="true" class="mark">
    <rect width="32" height="32" rx="7.5" fill="#0b7f6a" />
    <path d="M0 7.5A7.5 7.5 0 0 1 7.5 0h17A7.5 7.5 0 0 1 32 7.5V12C20 12 9 17 0 26Z" fill="#17a085" />
    <g fill="none" stroke="#fff" stroke-width="2.3" stroke-linecap="round" stroke-linejoin="round">
      <path d="M10.5 16.8V9.2A2.7 2.7 0 0 1 13.2 6.5h5.6a2.7 2.7 0 0 1 2.7 2.7v7.6" />
      <path d="M7.5 14.6v2.7a3 3 0 0 0 3 3h11a3 3 0 0 0 3-3v-2.7" />
      <path d="M11 20.6v4.6M21 20.6v4.6" />
      <path d="m13.6 12.6 1.8 1.8 3.1-3.5" stroke-width="2" />
    </g>
  </svg>
);
