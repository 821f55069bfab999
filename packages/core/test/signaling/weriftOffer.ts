/** An offer that werift 0.25 wrote: audio, video and data, with its candidates. Test data. */
const transport = (mid: number, ports: readonly [number, number]) => [
  "c=IN IP4 0.0.0.0",
  `a=candidate:32b1715da3b0ef8ba684454eb 1 udp 2116026367 192.0.2.2 ${ports[0]} typ host generation 0 ufrag f42a`,
  `a=candidate:9c29a2bc887618212a1623bfa 1 udp 2116026367 fd00::2 ${ports[1]} typ host generation 0 ufrag f42a`,
  "a=end-of-candidates",
  "a=ice-ufrag:f42a",
  "a=ice-pwd:3d2b51207bfe34be544241",
  "a=ice-options:trickle",
  "a=fingerprint:sha-256 97:C8:F6:06:A8:A1:58:2F:21:B7:57:A5:DE:CF:F0:35:F9:9F:8F:76:B6:A7:31:B1:7D:DE:42:42:5F:05:EC:DE",
  "a=setup:actpass",
  ...(mid === 2 ? [] : ["a=sendrecv"]),
  `a=mid:${mid}`
]
const rtcp = ["a=rtcp:9 IN IP4 0.0.0.0", "a=rtcp-mux"]

export const weriftOffer = [
  "v=0",
  "o=- 40719970 0 IN IP4 0.0.0.0",
  "s=-",
  "t=0 0",
  "a=group:BUNDLE 0 1 2",
  "a=extmap-allow-mixed",
  "a=msid-semantic:WMS *",
  "m=audio 9 UDP/TLS/RTP/SAVPF 96",
  ...transport(0, [39364, 50880]),
  ...rtcp,
  "a=ssrc:367249474 cname:aef7c1c9-e7a5-40f4-bdc6-17a1cb483be2",
  "a=rtpmap:96 OPUS/48000/2",
  "m=video 9 UDP/TLS/RTP/SAVPF 97",
  ...transport(1, [48663, 38433]),
  ...rtcp,
  "a=ssrc:532063728 cname:aef7c1c9-e7a5-40f4-bdc6-17a1cb483be2",
  "a=rtpmap:97 VP8/90000",
  "a=rtcp-fb:97 nack",
  "a=rtcp-fb:97 nack pli",
  "a=rtcp-fb:97 goog-remb",
  "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
  ...transport(2, [40553, 47062]),
  "a=sctp-port:5000",
  "a=max-message-size:65536",
  ""
].join("\r\n")
