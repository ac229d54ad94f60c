//! The head of a page, tabs, filters, tables, cells of the matrix, figures.

use leptos::prelude::*;

use super::Demo;
use crate::ui::avatar::Avatar;
use crate::ui::badge::{Badge, BadgeKind, Status, StatusKind};
use crate::ui::button::{Button, ButtonKind, ButtonSize, IconButton};
use crate::ui::choose::Segments;
use crate::ui::icon::{Icon, IconSize};
use crate::ui::page::{PageHead, TabItem, Tabs};
use crate::ui::table::{Pager, SortDirection, SortHeader, TableFoot};

fn tab(label: &str, count: Option<u64>, shape: Option<StatusKind>, current: bool) -> TabItem {
    TabItem { label: label.into(), href: format!("#{label}"), count, shape, current, ..TabItem::default() }
}

pub fn samples(theme: &'static str) -> AnyView {
    view! {
        <Demo title="Page head, tabs, segments, filters">
            <PageHead
                title="Port operators"
                lead="People and customers who work in the same ports."
                crumbs=vec![("Groups".into(), "#groups".into())]
                crumbs_label=format!("Breadcrumb, {theme}")
            >
                <Button label="Edit" icon="edit"/>
                <Button label="Add Access" kind=ButtonKind::Primary icon="plus"/>
            </PageHead>
            <Tabs
                label=format!("Status, {theme}")
                items=vec![
                    tab("All", Some(1284), None, true),
                    tab("Waiting", Some(2), Some(StatusKind::Waiting), false),
                    tab("Pending", Some(61), Some(StatusKind::Pending), false),
                    tab("Expired", Some(18), Some(StatusKind::Expired), false),
                    tab("Inactivated", Some(15), Some(StatusKind::Inactivated), false),
                ]
            />
            <PageHead
                title="Zofia Wiśniewska"
                lead="zofia@hansa-shipping.test · Organization user · last seen 1 h ago"
                before=view! { <Avatar name="Zofia Wiśniewska" id="f" large=true/> }.into_any()
                beside=view! { <Status kind=StatusKind::Active label="Active" pill=true/> }.into_any()
            />
            <div class="row wrap">
                <Segments
                    label=format!("Region, {theme}")
                    items=vec![tab("All regions", None, None, true), tab("EU", None, None, false), tab("US", None, None, false)]
                />
                <button class="btn filter" type="button">"Role"<Icon name="down" size=IconSize::Small/></button>
                <button class="btn filter on" type="button">"State "<b>"Active"</b><Icon name="down" size=IconSize::Small/></button>
            </div>
        </Demo>
        {table(theme)}
        {cells(theme)}
        {figures(theme)}
    }
    .into_any()
}

fn table(theme: &'static str) -> AnyView {
    view! {
        <Demo title="Table">
            <div>
                <div class="table-box">
                    <table class="table fixed">
                        <caption class="sr">"Sample"</caption>
                        <thead>
                            <tr>
                                <th class="sel" scope="col"><input type="checkbox" aria-label="Select all"/></th>
                                <SortHeader label="Name" href="#sort" state=Some(SortDirection::Ascending)/>
                                <SortHeader label="Status" href="#sort" state=None class="c2 w-8"/>
                                <th scope="col" class="act w-7"><span class="sr">"Actions"</span></th>
                            </tr>
                        </thead>
                        <tbody>
                            <tr>
                                <td class="sel"><input type="checkbox" checked=true aria-label="Select Sanna Virtanen"/></td>
                                <th scope="row">
                                    <div class="who">
                                        <Avatar name="Sanna Virtanen" id="s"/>
                                        <div>
                                            <span class="name"><bdi>"Sanna Virtanen"</bdi></span>
                                            <span class="sub">"sanna.virtanen@baltic-grain.example.org"</span>
                                            <span class="sub more-sub">"Waiting"</span>
                                        </div>
                                    </div>
                                </th>
                                <td class="c2"><Status kind=StatusKind::Waiting label="Waiting"/></td>
                                <td class="act"><Button label="Review" icon="clock" size=ButtonSize::Small/></td>
                            </tr>
                            <tr>
                                <td class="sel"><input type="checkbox" aria-label="Select Lars Bjerregaard"/></td>
                                <th scope="row">
                                    <div class="who">
                                        <Avatar name="Lars Bjerregaard" id="l"/>
                                        <div>
                                            <span class="name"><bdi>"Lars Bjerregaard"</bdi></span>
                                            <span class="sub">"lars.bjerregaard@hansa-shipping.test"</span>
                                            <span class="sub more-sub">"Pending"</span>
                                        </div>
                                    </div>
                                </th>
                                <td class="c2"><Status kind=StatusKind::Pending label="Pending"/></td>
                                <td class="act">
                                    <span class="acts">
                                        <IconButton icon="mail" label="Resend invitation to Lars Bjerregaard" tip="Resend" size=ButtonSize::Small/>
                                        <IconButton icon="trash" label="Delete invitation of Lars Bjerregaard" tip="Delete…" size=ButtonSize::Small/>
                                    </span>
                                </td>
                            </tr>
                            <tr aria-busy="true">
                                <td class="sel"></td>
                                <td>
                                    <div class="who">
                                        <span class="skel o"></span>
                                        <div class="grow stack tight"><span class="skel w50"></span><span class="skel w70"></span></div>
                                    </div>
                                </td>
                                <td class="c2"><span class="skel w70"></span></td>
                                <td></td>
                            </tr>
                        </tbody>
                    </table>
                    <TableFoot><span>"2 of 412"</span><span>"1 waiting"</span></TableFoot>
                </div>
                <div class="selbar static" role="region" aria-label=format!("Selection, {theme}")>
                    <span class="medium">"1 selected"</span>
                    <span class="sep"></span>
                    <Button label="Resend" icon="mail" size=ButtonSize::Small/>
                    <IconButton icon="x" label="Clear selection" size=ButtonSize::Small/>
                </div>
                <Pager
                    label=format!("Pages, {theme}")
                    summary="25 of about 1,251"
                    previous_label="Previous"
                    next_label="Next"
                    previous=None
                    next=Some("#next".into())
                />
            </div>
        </Demo>
    }
    .into_any()
}

fn cells(theme: &'static str) -> AnyView {
    let cell = move |class: &'static str, icon: &'static str, checked: bool, disabled: bool, state: &'static str| {
        view! {
            <td class="c">
                <label class=class>
                    <Icon name=icon size=IconSize::Small/>
                    <input type="checkbox" checked=checked disabled=disabled aria-label=format!("Sample, {theme}: {state}")/>
                </label>
            </td>
        }
    };
    view! {
        <Demo title="Permission cells">
            <div class="table-scroll" tabindex="0" role="region" aria-label=format!("Cells, {theme}")>
                <table class="matrix">
                    <thead>
                        <tr>
                            {["May", "May not", "Added", "Taken", "Locked", "No such"]
                                .map(|head| view! { <th scope="col" class="a">{head}</th> })
                                .collect_view()}
                        </tr>
                    </thead>
                    <tbody>
                        <tr>
                            {cell("cell", "check", true, false, "may")}
                            {cell("cell", "check", false, false, "may not")}
                            {cell("cell gain", "check", true, false, "added, not saved")}
                            {cell("cell lose", "check", false, false, "taken away, not saved")}
                            {cell("cell lock", "lock", false, true, "not yours to give")}
                            <td class="c"><span class="cell none"><span class="sr">"Does not apply"</span></span></td>
                        </tr>
                    </tbody>
                </table>
            </div>
        </Demo>
    }
    .into_any()
}

fn figures(theme: &'static str) -> AnyView {
    view! {
        <Demo title="Figures, chart, shares">
            <dl class="stats">
                <div class="stat"><dt>"Active users"</dt><dd>"1,190"</dd><dd class="d">"+24 in 30 days"</dd></div>
                <div class="stat"><dt>"Seats"</dt><dd>"46 "<span class="of">"/ 50"</span></dd><dd class="d">"4 left on Enterprise"</dd></div>
            </dl>
            <figure class="chart n">
                <svg viewBox="0 0 420 120" role="img" aria-label=format!("Invitations by week, {theme}")>
                    <path class="grid" d="M26 98H420M26 54H420M26 10H420"></path>
                    <text x="20" y="102" text-anchor="end">"0"</text>
                    <text x="20" y="58" text-anchor="end">"30"</text>
                    <text x="20" y="14" text-anchor="end">"60"</text>
                    <rect class="k1" x="60" y="56" width="36" height="42"></rect>
                    <rect class="k2" x="60" y="46" width="36" height="9"></rect>
                    <rect class="k1" x="200" y="38" width="36" height="60"></rect>
                    <rect class="k2" x="200" y="26" width="36" height="11"></rect>
                    <rect class="k3" x="200" y="18" width="36" height="7"></rect>
                    <rect class="k1" x="340" y="64" width="36" height="34"></rect>
                    <rect class="k3" x="340" y="54" width="36" height="9"></rect>
                    <rect class="k4" x="340" y="48" width="36" height="5"></rect>
                    <text x="78" y="116" text-anchor="middle">"W45"</text>
                    <text x="218" y="116" text-anchor="middle">"W46"</text>
                    <text x="358" y="116" text-anchor="middle">"W47"</text>
                </svg>
                <ul class="legend">
                    <li class="k1">"Approved"</li><li class="k2">"Pending"</li><li class="k3">"Expired"</li><li class="k4">"Rejected"</li>
                </ul>
            </figure>
            <svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label=format!("96 new, 3 unchanged, 1 wrong, {theme}")>
                <rect class="k-ok" width="90" height="8"></rect>
                <rect class="k-warn" x="90.5" width="7" height="8"></rect>
                <rect class="k-bad" x="98" width="2" height="8"></rect>
            </svg>
            <div class="card">
                <header><h3>"What needs you now"</h3><Badge label="5" kind=BadgeKind::Warning/><a class="small push" href="#all">"All open work"</a></header>
                <div class="need">
                    <Icon name="clock" class="v-warn"/>
                    <div><b class="medium">"Sanna Virtanen waits to be let in"</b><small class="muted">"Registered for Baltic Grain Oy, 5 hours ago"</small></div>
                    <div class="btns">
                        <Button label="Deny" kind=ButtonKind::Ghost size=ButtonSize::Small/>
                        <Button label="Accept" size=ButtonSize::Small/>
                    </div>
                </div>
            </div>
        </Demo>
    }
    .into_any()
}
