// Makes the media that tone() and picture() play, with ffmpeg, for maintainers: the files are committed, so
// neither users nor CI need ffmpeg. Debian: apt-get install --no-install-recommends ffmpeg
import { execFileSync } from "node:child_process"
import { mkdtempSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, relative } from "node:path"
import { fileURLToPath } from "node:url"

const media = fileURLToPath(new URL("../media/", import.meta.url))
const scratch = mkdtempSync(join(tmpdir(), "enigma-media-"))

const ffmpeg = (...args) => {
  // bitexact keeps ffmpeg's version and random stream serials out of the files, so that a rerun changes nothing.
  const all = ["-hide_banner", "-loglevel", "error", "-y", ...args.slice(0, -1), "-fflags", "+bitexact", "-flags", "+bitexact", args.at(-1)]
  console.log(["ffmpeg", ...all].map((arg) => (/[^\w./:=+,-]/.test(arg) ? `'${arg}'` : arg)).join(" "))
  execFileSync("ffmpeg", all, { stdio: "inherit" })
}

// 440 Hz is 44 whole periods in 100 ms, that is in five Opus packets of 20 ms, so any cut of 100 packets repeats
// without a click. The first half second is left out: there the encoder is still settling.
const settling = join(scratch, "settling.ogg")
const sine = ["-f", "lavfi", "-i", "aevalsrc=0.25*sin(2*PI*440*t):s=48000:d=3"]
const opus = ["-c:a", "libopus", "-application", "audio", "-b:a", "32k", "-vbr", "off", "-frame_duration", "20"]
ffmpeg(...sine, ...opus, settling)
ffmpeg("-i", settling, "-ss", "0.5", "-t", "2", "-c:a", "copy", join(media, "tone.ogg"))

// A key frame each second lets a late listener see the picture soon. No alternate reference frames: they are
// invisible, and would make one moment of the picture into two frames.
const picture = ["-f", "lavfi", "-i", "testsrc2=size=320x180:rate=15:duration=3", "-pix_fmt", "yuv420p"]
const real = ["-g", "15", "-keyint_min", "15", "-auto-alt-ref", "0", "-lag-in-frames", "0", "-deadline", "good", "-cpu-used", "0"]
ffmpeg(...picture, "-c:v", "libvpx", ...real, "-b:v", "150k", "-qmin", "20", "-qmax", "56", join(media, "picture-vp8.ivf"))
ffmpeg(...picture, "-c:v", "libvpx-vp9", ...real, "-b:v", "150k", "-qmin", "20", "-qmax", "56", join(media, "picture-vp9.ivf"))

rmSync(scratch, { recursive: true })
for (const name of ["tone.ogg", "picture-vp8.ivf", "picture-vp9.ivf"]) {
  console.log(`${relative(process.cwd(), join(media, name))}: ${statSync(join(media, name)).size} bytes`)
}
