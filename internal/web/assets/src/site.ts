// The script of every page. Nothing needs it to be read: each part below finds
// its own elements and does nothing where there are none.
import { account, closing, work } from "./site/account";
import { follow } from "./site/follow";
import { corridor } from "./site/corridor";
import { lightbox } from "./site/lightbox";
import { locate } from "./site/locate";
import { marks, settled } from "./site/marks";
import { moveMap } from "./site/movemap";
import { notices } from "./site/notices";
import { passkeys } from "./site/passkey";
import { photos } from "./site/photos";
import { preferences } from "./site/preferences";
import { share } from "./site/share";
import { sort } from "./site/sort";
import { suggest } from "./site/suggest";
import { takeAlong, worker } from "./site/take";
import { units } from "./site/units";

// A form that was refused begins with why, for who hears or magnifies the page.
document.querySelector<HTMLElement>("[role=alert][tabindex]")?.focus();
units();
preferences();
suggest();
share();
lightbox();
locate();
moveMap();
corridor();
takeAlong();
const own = document.querySelector("[data-acct], [data-marks]") ? settled() : Promise.resolve(undefined);
marks(document, own);
follow(own);
notices();
photos();
passkeys();
sort();
worker();
void account(own);
closing();
work();
