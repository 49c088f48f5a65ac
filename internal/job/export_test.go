package job

// DueText is the statement that looks for work.
const DueText = dueText
