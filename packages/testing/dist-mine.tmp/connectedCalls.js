export const isConnected = (state) => state._tag === "Connected";
export const connectedCalls = ({ calls }) => calls.filter(({ state }) => isConnected(state));
export const openPeers = ({ mock }) => mock.peers.filter(({ timesClosed }) => timesClosed === 0);
//# sourceMappingURL=connectedCalls.js.map