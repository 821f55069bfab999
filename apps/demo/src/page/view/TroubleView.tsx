/** The page could not even begin: why, and what to do. */
import { start } from "../model/store.ts"

export const TroubleView = ({ words }: { readonly words: string }) => (
  <section class="card over" aria-labelledby="trouble-title" role="alert">
    <h2 id="trouble-title">The page cannot begin</h2>
    <p>{words}</p>
    <p class="faint">Start it with <code>npm run demo</code>, then try again.</p>
    <div class="actions"><button type="button" class="primary" onClick={() => void start()}>Try again</button></div>
  </section>
)
