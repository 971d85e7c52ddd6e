/** Folders in which nobody edits files. */
export const IGNORED_FOLDERS = new Set(["node_modules", "coverage", "__pycache__"]);

/** Dot files belong to tools, caches and editors; the other names are editors' drafts and copies, and logs. */
export const IGNORED_NAMES = /^\.|~$|^#.*#$|\.tmp\b|___jb_(?:tmp|old)___$|\.log$/;

/** Files that people write. Others are more likely to be written by the program itself, differently in every run. */
export const SOURCES = /\.(?:[cm]?[jt]sx?|ya?ml|py)$|[\\/](?:Pulumi\b.*|package|tsconfig.*)\.json$/;
