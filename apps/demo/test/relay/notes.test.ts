/** Notes beside calls: known by their beginning, and read with suspicion. */
import { describe, expect, it } from "vitest"
import { type Note, readNote, writeNote } from "../../src/relay/notes.ts"

describe("a note", () => {
  it("is read as it was written", () => {
    const notes: ReadonlyArray<Note> = [
      { demo: "glare", step: "ask" },
      { demo: "glare", step: "go" },
      { demo: "group", in: true, reply: false },
      { demo: "media", microphone: true, camera: false, hold: true }
    ]
    for (const note of notes) expect(readNote(writeNote(note))).toEqual(note)
  })

  it("is no message of a call, and nothing else is a note", () => {
    const texts = ["{\"type\":\"hangup\"}", "{\"demo\":", "{\"demo\":\"glare\",\"step\":\"dance\"}", "{\"demo\":\"group\",\"in\":1}", "{\"demo\":\"media\",\"microphone\":true,\"camera\":1,\"hold\":false}", "", `{"demo":"${"x".repeat(300)}"}`]
    for (const text of texts) expect(readNote(text)).toBeUndefined()
  })
})
