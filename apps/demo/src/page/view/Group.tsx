/** The room's group: who is in it, and the way in or out. */
import { group, joinGroup, leaveGroup } from "../model/store.ts"
import { GroupIcon } from "./icons.tsx"

const areIn = (members: ReadonlyArray<string>): string => `${members.join(", ")} ${members.length === 1 ? "is" : "are"} in it.`

export const JoinGroup = () => {
  const isThere = group.members.value.length > 0
  return <button type="button" onClick={() => void joinGroup()}><GroupIcon /> {isThere ? "Join the group" : "Start a group"}</button>
}

/** Who waits in it is told so: the next one who joins sees and hears them. */
export const Group = ({ people }: { readonly people: ReadonlyArray<string> }) => {
  const members = group.members.value
  const isIn = group.isIn.value
  if (people.length === 0 && !isIn) return null
  return (
    <div class="group">
      <p>
        <strong>{isIn ? "You are in the group" : "Group call"}</strong>
        <span class="faint">
          {isIn
            ? "Whoever joins it is connected with you, with your camera and microphone."
            : members.length === 0 ? "Everybody who joins is connected with everybody in it." : areIn(members)}
        </span>
      </p>
      {isIn
        ? <button type="button" aria-keyshortcuts="E" title="Leave the group (E)" onClick={leaveGroup}>Leave the group</button>
        : <JoinGroup />}
    </div>
  )
}
