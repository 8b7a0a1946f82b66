// The page's own wording in its three languages. What the bot says is not here: that is the bot's business.

const WORDS = {
  product: ["客源 Keyuan", "客源 Keyuan", "Keyuan 客源"],
  sandbox: ["沙盒", "沙盒", "Sandbox"],
  title: ["客源 Keyuan · 沙盒", "客源 Keyuan · 沙盒", "Keyuan 客源 · Sandbox"],
  pageLanguage: [
    "页面和机器人的语言：所有人一起换，每部手机上还能单独换",
    "頁面與機器人的語言：所有人一起換，每支手機上還能單獨換",
    "Language of this page and of the bot, for everybody at once; each phone has its own choice",
  ],
  clock: ["沙盒时钟", "沙盒時鐘", "Sandbox clock"],
  ahead: ["比真实时间快 {span}", "比實際時間快 {span}", "{span} ahead of real time"],
  onTime: ["与真实时间一致", "與實際時間一致", "in step with real time"],
  forwardHour: ["+1 小时", "+1 小時", "+1 hour"],
  forwardMorning: ["次日 08:30", "隔天 08:30", "Next 08:30"],
  forwardDay: ["+1 天", "+1 天", "+1 day"],
  forwardTip: [
    "拨快沙盒的时钟，到期的提醒会立刻发出",
    "撥快沙盒的時鐘，到期的提醒會立刻送出",
    "Move the sandbox's clock; whatever falls due is sent at once",
  ],
  reset: ["重置沙盒", "重設沙盒", "Reset sandbox"],
  resetAsk: ["把沙盒恢复到最初的样子？", "將沙盒還原成最初的樣子？", "Put the sandbox back to how it began?"],
  resetWhat: [
    "所有对话、客户和提醒都会换回示例公司的样子，时钟也会拨回现在。此操作无法撤销。",
    "所有對話、客戶與提醒都會換回範例公司的樣子，時鐘也會調回現在。這個動作無法復原。",
    "All chats, customers and reminders return to those of the sample company, and the clock to now. This cannot be undone.",
  ],
  resetYes: ["重置", "重設", "Reset"],
  resetBusy: ["正在重置…", "正在重設…", "Resetting…"],
  cancel: ["取消", "取消", "Cancel"],
  ok: ["好", "好", "OK"],
  close: ["关闭", "關閉", "Close"],
  earlier: ["往左看", "往左看", "Scroll left"],
  later: ["往右看", "往右看", "Scroll right"],
  outage: [
    "与沙盒的连接断开，正在重连…",
    "與沙盒的連線中斷，正在重新連線…",
    "Connection to the sandbox lost, reconnecting…",
  ],
  refused: ["沙盒拒绝了：{why}", "沙盒拒絕了：{why}", "The sandbox refused: {why}"],
  violations: [
    "机器人有 {n} 次调用不符合 Bot API",
    "機器人有 {n} 次呼叫不符合 Bot API",
    "{n} calls of the bot broke the rules of the Bot API",
  ],
  admin: ["管理员", "管理員", "Admin"],
  lead: ["主管", "主管", "Lead"],
  rep: ["销售", "業務", "Rep"],
  customer: ["客户", "客戶", "Customer"],
  guest: ["访客", "訪客", "Visitor"],
  bot: ["机器人", "機器人", "bot"],
  typing: ["正在输入", "正在輸入", "typing"],
  phoneLanguage: [
    "这个人的 Telegram 和机器人的语言",
    "這個人的 Telegram 與機器人的語言",
    "This person's language, in Telegram and with the bot",
  ],
  menu: ["聊天菜单", "聊天選單", "Chat menu"],
  block: ["屏蔽机器人", "封鎖機器人", "Block bot"],
  unblock: ["解除屏蔽", "解除封鎖", "Unblock"],
  blockedNote: ["{name} 已屏蔽机器人", "{name} 已封鎖機器人", "{name} blocked the bot"],
  startAgain: ["重新发送 /start", "重新傳送 /start", "Send /start again"],
  copyId: ["复制 Telegram ID", "複製 Telegram ID", "Copy Telegram ID"],
  toEnd: ["回到最新消息", "回到最新訊息", "To the newest message"],
  start: ["开始", "開始", "Start"],
  emptyTitle: ["这个机器人能做什么？", "這個機器人能做什麼？", "What can this bot do?"],
  emptyStart: [
    "点下面的“开始”，以{name}的身份打开对话。",
    "點下面的「開始」，以{name}的身分開啟對話。",
    "Tap “Start” below to open this chat as {name}.",
  ],
  emptyStarted: ["还没有消息。", "還沒有訊息。", "No messages yet."],
  message: ["输入消息", "輸入訊息", "Message"],
  send: ["发送", "傳送", "Send"],
  commands: ["命令", "指令", "Commands"],
  keyboard: ["显示或收起键盘", "顯示或收起鍵盤", "Show or hide the keyboard"],
  attach: ["添加附件", "加入附件", "Attach"],
  attachPhoto: ["图片", "圖片", "Photo"],
  attachFile: ["文件", "檔案", "File"],
  attachVoice: ["语音", "語音", "Voice message"],
  attachOwnContact: ["我的名片", "我的聯絡資訊", "My contact"],
  attachContact: ["别人的名片", "別人的聯絡資訊", "Somebody's contact"],
  attachLocation: ["位置", "位置", "Location"],
  caption: ["添加说明…", "加入說明…", "Add a caption…"],
  drop: ["松开即可发送", "放開即可傳送", "Drop to send"],
  reply: ["回复", "回覆", "Reply"],
  replyTo: ["回复 {name}", "回覆 {name}", "Reply to {name}"],
  edit: ["编辑", "編輯", "Edit"],
  editing: ["编辑消息", "編輯訊息", "Edit message"],
  copyText: ["复制文字", "複製文字", "Copy text"],
  copied: ["已复制", "已複製", "Copied"],
  edited: ["已编辑", "已編輯", "edited"],
  messageMenu: ["消息操作", "訊息操作", "Message actions"],
  gone: ["这条消息已删除", "此訊息已刪除", "Deleted message"],
  photo: ["图片", "圖片", "Photo"],
  document: ["文件", "檔案", "Document"],
  voice: ["语音", "語音", "Voice message"],
  contact: ["名片", "聯絡資訊", "Contact"],
  location: ["位置", "位置", "Location"],
  unsupported: ["这里无法显示这种消息", "這裡無法顯示這種訊息", "This kind of message is not shown here"],
  download: ["下载", "下載", "Download"],
  play: ["播放", "播放", "Play"],
  copyPhone: ["复制号码", "複製號碼", "Copy number"],
  noAnswer: ["机器人没有及时回应这个按钮", "機器人沒有及時回應這個按鈕", "The bot did not answer this button in time"],
  openAs: ["以谁的身份打开这个链接？", "要以誰的身分開啟這個連結？", "Open this link as whom?"],
  here: ["本人", "本人", "this person"],
  copyLink: ["复制链接", "複製連結", "Copy link"],
  openedAs: ["已用{name}的身份打开", "已用{name}的身分開啟", "Opened as {name}"],
  webApp: ["沙盒里不能打开小程序", "沙盒中無法開啟小程式", "Mini apps do not open in the sandbox"],
  sharePhone: [
    "把{name}的电话号码发给机器人？",
    "將{name}的電話號碼傳給機器人？",
    "Send {name}'s phone number to the bot?",
  ],
  shareWhom: ["把谁的名片发给机器人？", "要將誰的聯絡資訊傳給機器人？", "Send whose contact to the bot?"],
  shareWhere: ["发送哪个位置？", "要傳送哪個位置？", "Send which location?"],
  pickUsers: ["选择要告诉机器人的人", "選擇要告訴機器人的人", "Choose whom to tell the bot about"],
  someoneElse: ["其他人", "其他人", "Somebody else"],
  name: ["姓名", "姓名", "Name"],
  phone: ["电话", "電話", "Phone"],
  noPhone: ["没有号码", "沒有號碼", "no number"],
  tryThis: ["试一试", "試試看", "Try this"],
  tryTip: ["点一下，就以{name}的身份发出", "點一下，就以{name}的身分傳送", "Tap to send it as {name}"],
  inlineEmpty: ["没有结果", "沒有結果", "No results"],
  forwarded: ["转发自 {name}", "轉傳自 {name}", "Forwarded from {name}"],
  service_pinned_message: ["置顶了一条消息", "置頂了一則訊息", "A message was pinned"],
  service_users_shared: [
    "已把所选的人告诉机器人",
    "已將所選的人告訴機器人",
    "The chosen people were shared with the bot",
  ],
  service_new_chat_members: ["有人加入", "有人加入", "Somebody joined"],
  service_left_chat_member: ["有人离开", "有人離開", "Somebody left"],
  service_migrate_to_chat_id: ["群组已升级", "群組已升級", "The group was upgraded"],
  today: ["今天", "今天", "Today"],
  yesterday: ["昨天", "昨天", "Yesterday"],
  days: ["{n} 天", "{n} 天", "{n} d"],
  hours: ["{n} 小时", "{n} 小時", "{n} h"],
  minutes: ["{n} 分钟", "{n} 分鐘", "{n} min"],
};

export const LANGUAGES = [
  { code: "zh-Hans", label: "简", name: "简体中文" },
  { code: "zh-Hant", label: "繁", name: "繁體中文" },
  { code: "en", label: "EN", name: "English" },
];

const KEPT = "keyuan-sandbox-language";
let current = 0;

/** The language in use: a code of LANGUAGES. */
export const language = () => LANGUAGES[current].code;

/** The entry of a three-part list (简, 繁, EN) for the language in use. */
export const pick = (three) => three[current];

/** The sentence for `key`, with {names} replaced; an unknown key shows itself, so that it is noticed. */
export function t(key, values = {}) {
  const sentence = WORDS[key]?.[current] ?? key;
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/** Chooses the page's language, remembers it and rewrites every labelled element. */
export function speak(code, { remember = true } = {}) {
  current = Math.max(
    0,
    LANGUAGES.findIndex((each) => each.code === code),
  );
  if (remember) keep(code);
  document.documentElement.lang = code;
  document.title = t("title");
  document
    .querySelectorAll("[data-word-text],[data-word-title],[data-word-placeholder],[data-word-label]")
    .forEach(fill);
}

/** Whether nobody chose a language in this browser yet. */
export const isFirstVisit = () => remembered() === null;

/** The language chosen before, else the browser's. */
export function preferred() {
  const kept = remembered();
  if (LANGUAGES.some((each) => each.code === kept)) return kept;
  const wish = (navigator.language ?? "").toLowerCase();
  if (!wish.startsWith("zh")) return wish.startsWith("en") ? "en" : "zh-Hans";
  return /hant|tw|hk|mo/.test(wish) ? "zh-Hant" : "zh-Hans";
}

/** Writes the words an element is labelled with (see `word` in dom.js). */
export function fill(node) {
  const { wordText, wordTitle, wordPlaceholder, wordLabel } = node.dataset;
  if (wordText) node.textContent = t(wordText);
  if (wordPlaceholder) node.setAttribute("placeholder", t(wordPlaceholder));
  if (wordLabel) node.setAttribute("aria-label", t(wordLabel));
  if (wordTitle) {
    node.setAttribute("title", t(wordTitle));
    node.setAttribute("aria-label", t(wordTitle));
  }
}

function keep(code) {
  try {
    localStorage.setItem(KEPT, code);
  } catch {
    // private windows refuse storage: the choice then lasts as long as the page
  }
}

function remembered() {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}
