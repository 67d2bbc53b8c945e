import "./styles/index.css";
import htmx from "htmx.org";
import { islands } from "./islands/index.ts";
import { watch } from "./islands/island.ts";

// htmx is needed by islands that bring in HTML themselves (see net.ts)
Object.assign(window, { htmx });
watch(document, islands);
