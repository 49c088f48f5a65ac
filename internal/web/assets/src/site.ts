// The script of every page. Nothing needs it to be read: each part below finds
// its own elements and does nothing where there are none.
import { account, work } from "./site/account";
import { corridor } from "./site/corridor";
import { lightbox } from "./site/lightbox";
import { locate } from "./site/locate";
import { marks } from "./site/marks";
import { moveMap } from "./site/movemap";
import { photos } from "./site/photos";
import { preferences } from "./site/preferences";
import { share } from "./site/share";
import { sort } from "./site/sort";
import { suggest } from "./site/suggest";
import { takeAlong, worker } from "./site/take";
import { units } from "./site/units";

units();
preferences();
suggest();
share();
lightbox();
locate();
moveMap();
corridor();
takeAlong();
marks();
photos();
sort();
worker();
void account();
work();
