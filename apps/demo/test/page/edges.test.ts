/** The diagram is the table: every arrow of the one is an arrow of the other, and each has a way of its own. */
import { stateDiagram, transitions } from "@enigma-rtc/core/call"
import { describe, expect, it } from "vitest"
import { pathOf, places } from "../../src/page/box/diagramLayout.ts"
import { edges } from "../../src/page/box/edges.ts"

describe("the diagram", () => {
  it("has the arrows of core's own diagram, no more and no fewer", () => {
    const drawn = stateDiagram(transitions).split("\n").filter((line) => line.includes(": ")).map((line) => line.trim())
    expect(edges.map(({ from, inputs, to }) => `${from} --> ${to}: ${inputs.join(", ")}`)).toEqual(drawn)
  })

  it("has a place for every state, and a way that was laid by hand for every arrow", () => {
    expect(Object.keys(places).toSorted()).toEqual(Object.keys(transitions).toSorted())
    for (const { from, to } of edges) expect(pathOf(from, to)).not.toMatch(new RegExp(`^M${places[from].join(" ")} L`))
  })
})
