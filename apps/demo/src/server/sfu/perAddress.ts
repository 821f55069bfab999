/** No address takes all of the sockets that there are. For `openSfu`. */
import { refuse, type Upgrade } from "../http/routeUpgrades.ts"

export const perAddress = (most: number, upgrade: Upgrade): Upgrade => {
  const open = new Map<string, number>()
  return (request, socket, head) => {
    const address = request.socket.remoteAddress ?? "unknown"
    const now = open.get(address) ?? 0
    if (now >= most) return refuse(socket, "503 Service Unavailable", "There are too many sockets from this address.")
    open.set(address, now + 1)
    socket.once("close", () => {
      const left = (open.get(address) ?? 1) - 1
      if (left > 0) open.set(address, left)
      else open.delete(address)
    })
    upgrade(request, socket, head)
  }
}
