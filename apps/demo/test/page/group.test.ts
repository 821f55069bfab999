/** What the page says of a group's way. */
import { expect, it } from "vitest"
import { groupTrouble, joinGroup } from "../../src/page/model/store.ts"

it("a group that is joined knows nothing of what was wrong with the one before", async () => {
  groupTrouble.value = "The SFU cannot be reached"
  await joinGroup()
  expect(groupTrouble.value).toBeUndefined()
})
