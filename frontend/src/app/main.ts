// What every page has. Each module finds its own elements, so that a part loaded later by htmx works as well.
import "htmx.org";
import { startBlocks } from "./blocks";
import { startDrawer } from "./drawer";
import { startKeys } from "./keys";
import { startLive } from "./live";
import { startMenus } from "./menus";
import { startPalette } from "./palette";
import { startReport } from "./report";
import { startTables } from "./tables";
import { startTabs } from "./tabs";
import { startTargets } from "./targets";
import { startTheme } from "./theme";
import { startToasts } from "./toasts";
import { startUploads } from "./upload";

startTheme();
startMenus();
startDrawer();
startPalette();
startKeys();
startTables();
startTabs();
startBlocks();
startLive();
startToasts();
startUploads();
startTargets();
startReport();
