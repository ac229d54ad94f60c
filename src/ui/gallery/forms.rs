//! Fields, choices, addresses with verdicts.

use leptos::prelude::*;

use super::Demo;
use crate::ui::icon::{Icon, IconSize};

pub fn samples(theme: &'static str) -> AnyView {
    let id = move |name: &str| format!("{name}-{theme}");
    view! {
        <Demo title="Fields">
            <div class="form-grid">
                <div class="field">
                    <label for=id("name")>"Full name"</label>
                    <input class="input" id=id("name") value="Mbali Dlamini"/>
                    <p class="help">"As colleagues know them."</p>
                </div>
                <div class="field">
                    <label for=id("email")>"Email"</label>
                    <input class="input" id=id("email") value="mbali@kestrel" aria-invalid="true" aria-describedby=id("email-wrong")/>
                    <p class="err" id=id("email-wrong")>
                        <Icon name="alert" size=IconSize::Small/>
                        "The part after @ needs a dot, as in kestrel.test."
                    </p>
                </div>
                <div class="field">
                    <label for=id("role")>"Role"</label>
                    <span class="select"><select id=id("role")><option>"Developer"</option></select></span>
                </div>
                <div class="field">
                    <label for=id("fixed")>"Address "<span class="opt">"fixed"</span></label>
                    <input class="input" id=id("fixed") value="zofia@hansa-shipping.test" readonly=true/>
                </div>
                <div class="field">
                    <label for=id("find")>"Search"</label>
                    <span class="affix">
                        <Icon name="search" size=IconSize::Small/>
                        <input class="input" id=id("find") type="search" placeholder="Name or email"/>
                    </span>
                </div>
                <div class="field">
                    <div class="row between">
                        <label for=id("password")>"Password"</label>
                        <a class="small" href="#forgot">"Forgot password?"</a>
                    </div>
                    <span class="affix">
                        <input class="input" id=id("password") type="password" value="a-Long-1!" autocomplete="off"/>
                        <button class="btn ghost icon" type="button" aria-label="Show password"><Icon name="eye"/></button>
                    </span>
                </div>
                <div class="field">
                    <label for=id("off")>"Disabled"</label>
                    <input class="input" id=id("off") disabled=true value="No access"/>
                </div>
                <div class="field">
                    <label for=id("file")>"CSV file"</label>
                    <input class="input" id=id("file") type="file"/>
                </div>
            </div>
            <div class="field">
                <label for=id("message")>"Message "<span class="opt">"optional"</span></label>
                <textarea class="input" id=id("message")>"Welcome aboard."</textarea>
            </div>
            <ul class="rules">
                <li class="met"><Icon name="check" size=IconSize::Small/>"10 to 16 characters"</li>
                <li><Icon name="minus" size=IconSize::Small/>"A special character"</li>
            </ul>
        </Demo>
        {choices(theme)}
        {addresses(theme)}
    }
    .into_any()
}

fn choices(theme: &'static str) -> AnyView {
    let group = move |name: &str| format!("{name}-{theme}");
    view! {
        <Demo title="Choices">
            <div class="row wrap loose">
                <label class="check"><input type="checkbox"/>"Off"</label>
                <label class="check"><input type="checkbox" checked=true/>"On"</label>
                <label class="check"><input type="checkbox" disabled=true/>"Disabled"</label>
                <label class="check"><input type="checkbox" checked=true disabled=true/>"On, fixed"</label>
            </div>
            <div class="row wrap loose">
                <label class="check"><input type="radio" name=group("preset") checked=true/>"Classic"</label>
                <label class="check"><input type="radio" name=group("preset")/>"Modern"</label>
                <label class="check"><input class="switch" type="checkbox" role="switch" checked=true/>"Auto-approval"</label>
                <label class="check"><input class="switch" type="checkbox" role="switch"/>"Third-Party Registration"</label>
            </div>
            <div class="form-grid">
                <label class="choice">
                    <input type="radio" name=group("kind") checked=true/>
                    <span><b class="medium">"Global Publishers"</b><small>"Portal Admin or API Owner"</small></span>
                </label>
                <label class="choice">
                    <input type="radio" name=group("kind")/>
                    <span><b class="medium">"Org Users"</b><small>"Org Publisher, Org Admin, Developer"</small></span>
                </label>
            </div>
        </Demo>
    }
    .into_any()
}

fn addresses(theme: &'static str) -> AnyView {
    let chip = |class: &'static str, icon: &'static str, address: &'static str| {
        view! {
            <span class=format!("chip {class}")>
                <Icon name=icon size=IconSize::Small/>
                <span class="clip" title=address>{address}</span>
                <button type="button" aria-label=format!("Remove {address}")><Icon name="x" size=IconSize::Small/></button>
            </span>
        }
    };
    view! {
        <Demo title="Addresses with verdicts">
            <div class="field">
                <label for=format!("addresses-{theme}")>"Email addresses"</label>
                <div class="chips">
                    {chip("ok", "check", "ines.caetano@lisbon-port-services.example.com")}
                    {chip("warn", "info", "zofia@hansa-shipping.test")}
                    {chip("bad", "alert", "priya@@kestrel.test")}
                    <input id=format!("addresses-{theme}") placeholder="name@company.test"/>
                </div>
                <ul class="verdicts">
                    <li><Icon name="check" size=IconSize::Small class="v-ok"/>"1 address"<span class="why">"will be invited"</span></li>
                    <li>
                        <Icon name="info" size=IconSize::Small class="v-warn"/>
                        <span class="clip">"zofia@hansa-shipping.test"</span>
                        <span class="why">"is already a user, skipped"</span>
                    </li>
                    <li>
                        <Icon name="alert" size=IconSize::Small class="v-bad"/>
                        <span class="clip">"priya@@kestrel.test"</span>
                        <span class="why">"is not an address: two @ signs"</span>
                    </li>
                </ul>
            </div>
        </Demo>
    }
    .into_any()
}
