/** The shortcodes an app is likely to send; an unknown one stays as it was typed, as in Slack. */
const table = `
+1 👍|-1 👎|100 💯|alarm_clock ⏰|apple 🍎|arrow_down ⬇️|arrow_forward ▶️|arrow_left ⬅️|arrow_right ➡️|arrow_up ⬆️
arrow_backward ◀️|arrows_counterclockwise 🔄|back 🔙|ballot_box_with_check ☑️|bangbang ‼️|bar_chart 📊|bell 🔔
no_bell 🔕|black_circle ⚫|blue_heart 💙|book 📖|bookmark 🔖|books 📚|boom 💥|bulb 💡|busts_in_silhouette 👥
bust_in_silhouette 👤|calendar 📆|spiral_calendar_pad 🗓️|card_file_box 🗃️|card_index 📇|card_index_dividers 🗂️
chart_with_downwards_trend 📉|chart_with_upwards_trend 📈|checkered_flag 🏁|clap 👏|clipboard 📋|clock9 🕘|cloud ☁️
closed_lock_with_key 🔐|coffee ☕|construction 🚧|credit_card 💳|currency_exchange 💱|date 📅|department_store 🏬
desktop_computer 🖥️|dollar 💵|door 🚪|e-mail 📧|email 📧|envelope ✉️|envelope_with_arrow 📩|euro 💶|exclamation ❗
eye 👁️|eyes 👀|factory 🏭|fast_forward ⏩|file_cabinet 🗄️|file_folder 📁|fire 🔥|floppy_disk 💾|gear ⚙️|gem 💎|gift 🎁
globe_with_meridians 🌐|green_heart 💚|green_circle 🟢|large_green_circle 🟢|grey_question ❔|hammer_and_wrench 🛠️
handshake 🤝|heart ❤️|heavy_check_mark ✔️|heavy_minus_sign ➖|heavy_multiplication_x ✖️|heavy_plus_sign ➕
hourglass ⌛|hourglass_flowing_sand ⏳|house 🏠|inbox_tray 📥|incoming_envelope 📨|information_source ℹ️|iphone 📱
joy 😂|key 🔑|label 🏷️|large_blue_circle 🔵|large_orange_circle 🟠|large_red_square 🟥|large_yellow_circle 🟡|laptop 💻
computer 💻|ledger 📒|left_right_arrow ↔️|link 🔗|lock 🔒|loudspeaker 📢|mag 🔍|mag_right 🔎|mailbox 📫|mega 📣
memo 📝|money_with_wings 💸|moneybag 💰|muscle 💪|new 🆕|newspaper 📰|no_entry ⛔|no_entry_sign 🚫|notebook 📓|office 🏢
ok 🆗|ok_hand 👌|outbox_tray 📤|package 📦|page_facing_up 📄|page_with_curl 📃|paperclip 📎|pencil 📝|pencil2 ✏️
point_down 👇|point_left 👈|point_right 👉|point_up ☝️|pound 💷|pray 🙏|printer 🖨️|pushpin 📌|question ❓|radio_button 🔘
raised_hand ✋|raised_hands 🙌|receipt 🧾|recycle ♻️|red_circle 🔴|repeat 🔁|rewind ⏪|robot_face 🤖|rocket 🚀
rotating_light 🚨|round_pushpin 📍|running 🏃|satellite_antenna 📡|scales ⚖️|scroll 📜|seat 💺|seedling 🌱|shield 🛡️
shopping_trolley 🛒|skull 💀|small_blue_diamond 🔹|small_orange_diamond 🔸|small_red_triangle 🔺|smile 😄|smiley 😃
slightly_smiling_face 🙂|snail 🐌|sob 😭|soon 🔜|sparkles ✨|speech_balloon 💬|star ⭐|stopwatch ⏱️|sunny ☀️
sunrise 🌅|tada 🎉|telephone_receiver 📞|thinking_face 🤔|thought_balloon 💭|thumbsdown 👎|thumbsup 👍|ticket 🎫
admission_tickets 🎟️|timer_clock ⏲️|tools 🛠️|trophy 🏆|turtle 🐢|twisted_rightwards_arrows 🔀|unlock 🔓|warning ⚠️
wastebasket 🗑️|watch ⌚|wave 👋|white_check_mark ✅|white_circle ⚪|white_large_square ⬜|wrench 🔧|x ❌|yen 💴|zap ⚡|zzz 💤
large_blue_square 🟦|large_green_square 🟩|large_yellow_square 🟨|large_purple_circle 🟣|double_vertical_bar ⏸️
black_square_for_stop ⏹️|speaker 🔈|negative_squared_cross_mark ❎|small_red_triangle_down 🔻|triangular_ruler 📐
`;

const glyphs = new Map(
  table
    .trim()
    .split(/[|\n]/)
    .map((entry) => entry.split(' ') as [string, string]),
);

/** The picture of a shortcode, without its colons; undefined when unknown. */
export const emojiOf = (name: string): string | undefined => glyphs.get(name.replace(/::skin-tone-\d$/, ''));

/** Text with its `:shortcodes:` drawn. */
export const withEmoji = (text: string): string =>
  text.replace(/:([a-z0-9_+-]+):/g, (whole, name: string) => emojiOf(name) ?? whole);
