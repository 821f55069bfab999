export const modelIntent = {
    hold: false,
    data: false,
    send: { microphone: "on", camera: "off", screen: "off" },
    receive: { microphone: true, camera: false, screen: false }
};
//# sourceMappingURL=modelIntent.js.map