/** The page's icons, drawn on 24 × 24 with one stroke. Their buttons have the words. */
import type { ComponentChildren } from "preact"

const icon = (content: ComponentChildren) => () => (
  <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{content}</svg>
)

export const MicrophoneIcon = icon(<><rect x="9" y="3" width="6" height="11" rx="3" /><path d="M5 11a7 7 0 0 0 14 0M12 18v3" /></>)
export const MicrophoneOffIcon = icon(<><path d="M9 9v2a3 3 0 0 0 4.6 2.5M15 11V6a3 3 0 0 0-5.7-1.3M5 11a7 7 0 0 0 10.8 5.9M19 11a7 7 0 0 1-.6 2.8M12 18v3M4 4l16 16" /></>)
export const CameraIcon = icon(<><rect x="3" y="6" width="12" height="12" rx="2.5" /><path d="m15 10.5 6-3.5v10l-6-3.5" /></>)
export const CameraOffIcon = icon(<><path d="M15 12.5V8.5A2.5 2.5 0 0 0 12.5 6H10M6 6a3 3 0 0 0-3 2.500v7A2.5 2.5 0 0 0 5.5 18h7a2.5 2.5 0 0 0 2-1M15 11l6-4v10l-3-2M4 4l16 16" /></>)
export const ScreenIcon = icon(<><rect x="3" y="4" width="18" height="12" rx="2" /><path d="M12 13V8m-2.5 2.200L12 7.700l2.5 2.500M8.5 20h7" /></>)
export const HoldIcon = icon(<path d="M9 6v12M15 6v12" />)
export const ResumeIcon = icon(<path d="M8 5.500v13l10.5-6.500z" />)
export const HangUpIcon = icon(<path d="M3.5 14.500c4.5-5 12.5-5 17 0l-2 2.3-3.7-1.300v-2.400a10 10 0 0 0-5.6 0v2.400l-3.7 1.300z" />)
export const PhoneIcon = icon(<path d="M6 3.500h3l1.5 4.2-2 1.500a12 12 0 0 0 6.3 6.300l1.5-2 4.2 1.500v3A2 2 0 0 1 18.4 20 15.5 15.5 0 0 1 4 5.6 2 2 0 0 1 6 3.500z" />)
export const CopyIcon = icon(<><rect x="9" y="9" width="11" height="11" rx="2" /><path d="M15 9V6a2 2 0 0 0-2-2H6a2 2 0 0 0-2 2v7a2 2 0 0 0 2 2h3" /></>)
export const CheckIcon = icon(<path d="m5 12.5 4.5 4.500L19 7.5" />)
export const SunIcon = icon(<><circle cx="12" cy="12" r="4" /><path d="M12 3v1.500M12 19.500V21M3 12h1.500M19.5 12H21M5.6 5.600l1.1 1.100M17.3 17.300l1.1 1.100M18.4 5.600l-1.1 1.100M6.7 17.300l-1.1 1.1" /></>)
export const MoonIcon = icon(<path d="M19.5 14.500A8 8 0 0 1 9.5 4.500a8 8 0 1 0 10 10z" />)
export const BoxIcon = icon(<><path d="M12 3 4 7.500v9L12 21l8-4.500v-9z" /><path d="m4 7.5 8 4.5 8-4.500M12 12v9" /></>)
export const GroupIcon = icon(<><circle cx="9" cy="9" r="3" /><path d="M3.5 19a5.5 5.5 0 0 1 11 0" /><circle cx="17" cy="10" r="2.3" /><path d="M16.5 14.800a4.4 4.4 0 0 1 4.3 4.2" /></>)
export const BotIcon = icon(<><rect x="5" y="8" width="14" height="11" rx="3" /><path d="M12 8V4.500M9.5 13v1M14.5 13v1M2.5 12.500v3M21.5 12.500v3" /></>)
export const CloseIcon = icon(<path d="M6 6l12 12M18 6 6 18" />)
export const BackIcon = icon(<path d="M17 6 9 12l8 6zM6.5 6v12" />)
export const ForwardIcon = icon(<path d="m7 6 8 6-8 6zM17.5 6v12" />)
export const KeyboardIcon = icon(<><rect x="3" y="6" width="18" height="12" rx="2" /><path d="M7 10h.01M11 10h.01M15 10h.01M8 14h8" /></>)

/** Two lines that become one: the project's mark. */
export const Mark = () => (
  <svg class="mark" viewBox="0 0 32 20" aria-hidden="true" focusable="false">
    <path d="M2 3c11 0 9 7 20 7" />
    <path d="M2 17c11 0 9-7 20-7" />
    <circle cx="26" cy="10" r="3.6" />
  </svg>
)
