app-name = Librarian on Demand

## Signing in
signin-title = Good to see you
signin-lead = Sign in to answer visitors at the branches.
signin-login = User name
signin-password = Password
signin-do = Sign in
signin-busy = Signing in…
starting = One moment…
unreachable-title = The server does not answer
unreachable-lead = This page tries again by itself. Nothing is lost.
unreachable-do = Try now
password-title = Choose your own password
password-lead = The one you got was for the first sign-in only.
password-current = The password you got
password-new = New password
password-hint = At least 12 characters. A few words in a row are easy to remember and hard to guess.
password-do = Save and go on
sign-out = Sign out

## Top of the page
settings = Settings
language = Language
theme = Colours
theme-system = As the computer
theme-light = Light
theme-dark = Dark
shortcuts = Keys
shortcuts-title = Keys
shortcuts-lead = They rest while you type.
shortcuts-on = Use single keys
close = Close
link-connecting = Connecting…
link-away = The connection is lost. Trying again…
link-away-call = The connection to the server is lost. Trying again; the conversation goes on.
outdated = There is a newer version of this page.
outdated-do = Load it

## Duty
duty-off = You are off duty
duty-off-lead = Visitors do not see you. Check your picture and your sound, then go on duty.
duty-green = You are on duty: visitors see green
duty-green-lead = When somebody taps, it rings here. You may look at other pages meanwhile.
duty-pending = You are on duty
duty-pending-lead = The server is about to show you to the visitors…
duty-broken = You are on duty, but visitors cannot reach you
duty-unknown = You are on duty, and we are finding the server again
duty-unknown-lead = Until then visitors may see that nobody answers.
duty-on-do = Go on duty
duty-off-do = Go off duty
duty-named = Show my first name on the screens at the branches
mend-sound = The browser holds the sound back, so you would not hear the ring.
mend-sound-do = Turn the sound on
mend-microphone = Your microphone gives no sound. Is it plugged in, and switched on?
mend-microphone-do = Try the microphone again
mend-camera = Your camera gives no picture. Is it plugged in, and is its shutter open?
mend-camera-do = Try the camera again

## Devices
devices-title = Picture and sound
devices-check = Check picture and sound
devices-lead = Your browser asks for camera and microphone. Nothing is recorded, ever.
devices-own = This is how visitors see you
devices-none = No picture yet
devices-level = Your microphone
devices-level-hint = Say something: the bar should move.
devices-test = Play the ring
devices-testing = Ringing…
device-microphone = Microphone
device-camera = Camera
device-loudspeaker = Loudspeaker
device-default = The computer's choice
condition-ok = Works
condition-missing = Not found
condition-failed = Gives nothing
condition-closed = Not opened yet
condition-blocked = Not allowed by the browser
condition-silent = Silent
blocked-hint = Click the sign to the left of the address above, allow camera and microphone, and try again.

## The line
line-title = The line
line-empty = Nobody waits
line-empty-lead = As it should be.
line-waited = waited { $time }
line-ringing = ringing
line-returned = was with us before, and comes first
line-with = { $name }
line-answered = In conversation
line-held = on hold
patience-fresh = just now
patience-long = long
patience-very_long = very long
colleagues-title = Colleagues on duty
colleagues-none = You are alone on duty.
colleague-free = free
colleague-busy = in conversation
colleague-unreachable = cannot be reached

## The ring
ring-title = A visitor at { $branch }
ring-notice = { $kiosk } is ringing.
ring-lead = wants to speak with you
ring-service = Service
ring-language = Language
ring-waited = Has waited
ring-returned = The conversation broke off before. This visitor comes first.
ring-accept = Answer
ring-decline = Not now
ring-left = Rings for another { $seconds } s
ring-answering = On your way…

## The call
call-summoned = Finding { $kiosk }…
call-verifying = Making sure that it really is our kiosk…
call-connecting = Almost there: picture and sound are on their way…
call-shaky = The line is weak. Waiting for it to come back…
call-renewing = The line broke. Building a new one; please stay.
call-unverified = This is not a kiosk that we know
call-unverified-signature = The call was not signed with the key of { $kiosk }. No picture or sound has been sent. Leave the call, and tell whoever looks after the kiosks.
call-unverified-unsupported = This browser is too old to check that it is our kiosk. Please update it. No picture or sound has been sent.
call-verified = Verified kiosk
call-connected = In conversation
call-held = On hold
call-held-lead = The visitor neither sees nor hears you, and you neither see nor hear the visitor.
call-hidden = The visitor's camera is off
call-hidden-lead = They see and hear you. They choose themselves whether to be seen.
call-sent-both = The visitor sees and hears you
call-sent-sound = The visitor hears you; your camera is off
call-sent-picture = The visitor sees you; your microphone is off
call-sent-none = The visitor neither sees nor hears you
call-kiosk-camera-missing = The kiosk's camera does not work
call-kiosk-microphone-missing = The kiosk's microphone does not work: ask the visitor to type
call-kiosk-loudspeaker-missing = The kiosk's loudspeaker does not work: type instead
call-kiosk-muted = The visitor's microphone is off
call-kiosk-away = The kiosk has lost its connection. It comes back by itself, or the visit returns to the line.
call-no-own-camera = Your camera gives no picture. The conversation goes on.
call-no-own-microphone = Your microphone gives no sound. The conversation goes on: type instead.
call-playback = The browser holds the visitor's sound back.
call-playback-do = Turn the sound on
call-try-again = Try again
visitor-picture = The visitor
own-picture = You
mute = Turn microphone off
unmute = Turn microphone on
camera-off = Turn camera off
camera-on = Turn camera on
hold = Hold
resume = Back to the visitor
devices-choose = Devices
finish = Finish the visit
leave = Step out…
leave-title = Step out of this conversation?
leave-lead = The visitor stays, goes to the front of the line, and a colleague is asked.
leave-do = Step out
leave-not = Stay
finish-title = Finish the visit?
finish-lead = The visitor sees goodbye.
finish-not = Not yet

## Typed text
text-title = Typed text
text-empty = What you or the visitor type shows here, letter by letter.
text-placeholder = Type to the visitor…
text-label = Type to the visitor; it shows as you type
text-send = New line
text-you = You
text-visitor = Visitor
text-typing = is typing

## Beside the call
help-title = The branch
help-kiosk = Kiosk
help-phone = Phone
help-notes = Good to know
help-service = Service
help-language = Language
help-duration = Talking for
help-none = What is known of the branch shows here during a visit.

## Round off
closeout-title = How did it go?
closeout-lead = The visit at { $branch } is over. Two taps, or skip.
closeout-topic = What was it about?
closeout-outcome = And was it solved?
closeout-skip = Skip
closeout-back = Back
closeout-wrap = It does not ring here for another { $seconds } s.
topic-find_material = Finding something
topic-loan_or_card = Loan or card
topic-digital_help = Digital help
topic-room_or_machine = Room or machine
topic-other = Something else
outcome-solved = Solved
outcome-referred = Referred
outcome-not_solved = Not solved

## When something was refused
fault-close = All right
fault-not_authenticated = That user name and password do not belong together.
fault-too_fast = Too many tries. Wait { $retry_after_s } s, then try again.
fault-weak_password = That password is easy to guess. Take a longer one.
fault-taken = { $winner } was faster and has the visit.
fault-wrong_state = That is over by now.
fault-not_found = That visit is over.
fault-no_answer = The server did not answer. Try again.
fault-forbidden = Your account may not do that.
fault-unavailable = That does not work right now. Try again in a moment.
fault-other = That did not work ({ $code }). Try again.

language-sv = Svenska
language-nb = Norsk bokmål
language-en = English
call-connecting-short = Connecting…
