/** Runs in the page: is the picture of the video with this label another one than when it was first asked for? By its pixels. */
export const pictureMoves = (label: string): boolean => {
  const video: (HTMLVideoElement & { firstPicture?: string }) | null = document.querySelector(`video[aria-label="${label}"]`)
  if (video === null || video.videoWidth === 0) return false
  const canvas = Object.assign(document.createElement("canvas"), { width: 32, height: 24 })
  const brush = canvas.getContext("2d")
  brush?.drawImage(video, 0, 0, 32, 24)
  const picture = brush?.getImageData(0, 0, 32, 24).data.join() ?? ""
  video.firstPicture ??= picture
  return picture !== video.firstPicture
}
