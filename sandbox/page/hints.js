// The examples under each phone. Edit here: every entry is [简体, 繁體, English].
//
//   say    what is sent, word for word
//   label  what the button shows, when it is not what is sent
//   clock  a move of the sandbox's clock instead of a message
//   needs  the command that must be in the person's menu for the example to make sense, when `say` does not name it
//   file   a sample file of this folder that is offered for sending, with its name in each language
//
// `reps` has one list per rep, so that two phones side by side tell two stories.

const MORNING = {
  clock: { to: "next 08:30" },
  label: ["到次日 08:30，看今日待办", "到隔天 08:30，看今日待辦", "On to 08:30, read the morning"],
};
const HOUR = { clock: { by: 3600 }, label: ["过 1 小时", "過 1 小時", "One hour on"] };

const same = (text) => [text, text, text];

const HINTS = {
  admin: [
    { say: same("/today") },
    { say: same("/team") },
    { say: same("/invite") },
    {
      file: { address: "sample-customers.csv", names: ["新客户.csv", "新客戶.csv", "new-customers.csv"] },
      label: ["导入一份客户表", "匯入一份客戶表", "Import a customer file"],
      needs: "/import",
    },
    { say: same("/export") },
    { say: same("/history") },
    { say: same("/setup") },
  ],
  lead: [
    { say: same("/today") },
    { say: ["明远科技", "明遠科技", "mingyuan"] },
    { say: same("/history") },
    {
      say: [
        "/remind 每周一早上9点 交周报",
        "/remind 每週一早上9點 交週報",
        "/remind every Monday at 9 hand in the weekly report",
      ],
    },
    { say: same("/invite") },
    { say: same("/team") },
    MORNING,
  ],
  reps: [
    [
      {
        say: [
          "拜访 张伟 谈了新报价 下周三上午10点回访",
          "拜訪 張偉 談了新報價 下週三上午10點回訪",
          "visited 张伟, talked about the new quote, call back next Wednesday 10am",
        ],
      },
      { say: same("/today") },
      { say: ["张", "張", "zhang"] },
      { say: same("单丽华"), label: ["打开单丽华的卡片，给她专属链接", "開啟單麗華的卡片，給她專屬連結", "Open 单丽华, send her a link"] },
      {
        say: [
          "提醒我1小时后给张伟发合同",
          "提醒我1小時後寄合約給張偉",
          "remind me in 1 hour to send 张伟 the contract",
        ],
      },
      HOUR,
      { say: same("/undo") },
      MORNING,
    ],
    [
      { say: ["见了张总", "見了張總", "met 张总"] },
      {
        say: [
          "电话 王姐 没接 明天下午3点再打",
          "電話 王姐 沒接 明天下午3點再打",
          "called 王姐, no answer, call again tomorrow 3pm",
        ],
      },
      {
        say: [
          "/new 陈晨 13800009101 晴川文具 采购",
          "/new 陳晨 13800009101 晴川文具 採購",
          "/new Chen Chen 13800009101 Qingchuan Stationery, purchasing",
        ],
      },
      { say: same("8000"), label: ["按手机尾号找：8000", "用電話末幾碼找：8000", "Find by phone tail: 8000"] },
      { say: same("/today") },
      { say: same("/reminders") },
      MORNING,
    ],
  ],
  customer: [
    { say: same("/start") },
    {
      say: [
        "你好，我想了解一下你们的产品",
        "您好，我想了解你們的產品",
        "Hello, I would like to know more about your products",
      ],
    },
    { say: same("/feedback") },
    { say: same("/survey") },
    { say: same("/me") },
    { say: same("/settings") },
    { say: same("/privacy") },
  ],
  guest: [
    { say: same("/start") },
    {
      say: ["你好，我家的收银机坏了", "您好，我們的收銀機壞了", "Hello, our till is broken"],
    },
    { say: same("/feedback") },
    { say: same("/me") },
    { say: same("/privacy") },
  ],
};

const BEGIN = [{ start: true, label: ["开始对话", "開始對話", "Start the chat"] }];

/** The examples for a person; before the chat is started there is one thing to do. */
export function hintsFor(person, { started, place }) {
  if (!started) return BEGIN;
  if (person.kind === "rep") return HINTS.reps[place % HINTS.reps.length];
  return HINTS[person.kind];
}
