/** Who is in the room, and whom to call. */
import { lately } from "../model/lately.ts"
import type { Room } from "../model/Room.ts"
import { callPeer, isBot } from "../model/store.ts"
import { Avatar } from "./Avatar.tsx"
import { Group } from "./Group.tsx"
import { BotIcon, PhoneIcon } from "./icons.tsx"

export const People = ({ room }: { readonly room: Room | undefined }) => {
  const here = room?.relay.value._tag === "Connected"
  const all = room?.peers.value.map(({ name }) => name) ?? []
  const people = all.filter((peer) => !isBot(peer))
  const bot = all.find(isBot)
  return (
    <section class="card people" aria-labelledby="people-title">
      <div class="row">
        <h2 id="people-title">Who is here</h2>
        {lately.value !== undefined && <span class="faint">{lately.value}</span>}
      </div>
      {bot !== undefined && (
        <div class="person bot">
          <span class="avatar"><BotIcon /></span>
          <p><strong>{bot}</strong><span class="faint">Answers at once, plays a tone and a moving picture</span></p>
          <button type="button" class="primary" disabled={!here} onClick={() => void callPeer(bot)}><PhoneIcon /> Call the bot</button>
        </div>
      )}
      {people.length > 0 && (
        <ul>
          {people.map((peer) => (
            <li key={peer} class="person">
              <Avatar name={peer} />
              <p><strong>{peer}</strong></p>
              <button type="button" disabled={!here} aria-label={`Call ${peer}`} onClick={() => void callPeer(peer)}><PhoneIcon /> Call</button>
            </li>
          ))}
        </ul>
      )}
      {people.length === 0 && <p class="empty">Nobody else yet. Send the link below, or open it in a second tab, and the name appears here.</p>}
      <Group people={people} />
    </section>
  )
}
