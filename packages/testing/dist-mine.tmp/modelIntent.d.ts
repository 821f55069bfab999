/** The media of the calls that are searched: one section is enough. */
import type { MediaIntent } from "@enigma-rtc/core/call";
export declare const modelIntent: MediaIntent;
//# sourceMappingURL=modelIntent.d.ts.map